// A painting of a cat: the layers of its picture with a brush, one a step, then a frame around them.
import { layersOf, svgOf } from './picture.js';

const SIZE = { width: 240, height: 260 };

/** As it is before the first step. */
export const blankCanvas = (cat) => svgOf(cat, SIZE, CANVAS);

/** How many steps a painting takes. */
export const STEPS = 12;

/** What a step paints. */
export function stepName(cat, step) {
  return layersOf(cat)[step]?.what ?? 'the frame';
}

/** What can be seen after so many steps. */
export function paintingAfter(cat, steps) {
  const layers = layersOf(cat).slice(0, steps);
  const strokes = layers.map(({ svg }) => `<g filter="url(#brush)">${svg}</g>`).join('');
  const painted = `<g transform="translate(20 20)">${strokes}</g>`;
  return svgOf(cat, SIZE, `${BRUSH}${CANVAS}${painted}${steps < STEPS ? '' : FRAME}`);
}

/** The edges of a shape as a brush leaves them. */
const BRUSH =
  '<filter id="brush" x="-10%" y="-10%" width="120%" height="120%">' +
  '<feTurbulence type="turbulence" baseFrequency=".045" numOctaves="3" seed="7" result="hand"/>' +
  '<feDisplacementMap in="SourceGraphic" in2="hand" scale="7" result="stroke"/>' +
  '<feTurbulence type="fractalNoise" baseFrequency=".02 .5" numOctaves="2" seed="3"/>' +
  '<feColorMatrix values="0 0 0 0 1  0 0 0 0 1  0 0 0 0 1  .9 0 0 0 -.35" result="bristles"/>' +
  '<feComposite in="bristles" in2="stroke" operator="in" result="shine"/>' +
  '<feMerge><feMergeNode in="stroke"/><feMergeNode in="shine"/></feMerge></filter>';

const CANVAS =
  '<rect width="240" height="260" fill="#efe8da"/>' +
  '<path d="M0 0h240v260H0z" fill="none" stroke="#d8cdb8" stroke-width="4"/>';

const FRAME =
  '<rect x="6" y="6" width="228" height="248" fill="none" stroke="#8a6428" stroke-width="12"/>' +
  '<rect x="13" y="13" width="214" height="234" fill="none" stroke="#d9b45b" stroke-width="4"/>' +
  '<text x="214" y="236" font-family="cursive" font-size="11" fill="#0007" text-anchor="end">catserve</text>';

// Draws a sitting cat on 200 by 220 units. Shapes are layered from the tail to the whiskers.

/** The picture of a cat as an SVG document. */
export function drawCat(cat) {
  const layers = layersOf(cat).map(({ svg }) => svg);
  return svgOf(cat, { width: 200, height: 220 }, layers.join(''));
}

/** An SVG document that shows a cat. */
export function svgOf(cat, { width, height }, content) {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" ` +
    `aria-label="${cat.title}, ${cat.breed}">${content}</svg>\n`
  );
}

/** What a picture of a cat is made of, the lowest layer first: what each shows, and its shapes. */
export function layersOf(cat) {
  return [
    { what: 'the backdrop', svg: backdrop(cat) },
    { what: 'the shadow', svg: SHADOW },
    { what: 'the tail', svg: tail(cat) },
    { what: 'the body', svg: body(cat) },
    { what: 'the coat', svg: PATTERNS[cat.pattern](cat) },
    { what: 'the ears', svg: ears(cat) },
    { what: 'the head', svg: head(cat) },
    { what: 'the face', svg: HEAD_PATTERNS[cat.pattern](cat) },
    { what: 'the collar', svg: collar(cat) },
    { what: 'the eyes', svg: eyes(cat) },
    { what: 'the whiskers', svg: MUZZLE },
  ];
}

const backdrop = (cat) => `<rect width="200" height="220" rx="18" fill="${cat.backdrop}"/>`;

const SHADOW = '<ellipse cx="100" cy="203" rx="62" ry="8" fill="#000" opacity=".12"/>';

const tail = (cat) =>
  `<path d="M140 190c44 6 50-34 30-52" fill="none" stroke="${cat.fur}" stroke-width="15" ` +
  `stroke-linecap="round"/><path d="M177 146q-2-5-7-8" fill="none" ` +
  `stroke="${cat.mark}" stroke-width="15" stroke-linecap="round"/>`;

const body = (cat) =>
  `<path d="M100 104c-36 0-52 44-50 98h100c2-54-14-98-50-98z" fill="${cat.fur}"/>` +
  `<ellipse cx="100" cy="168" rx="25" ry="32" fill="${cat.belly}"/>` +
  `<ellipse cx="78" cy="200" rx="17" ry="8" fill="${cat.belly}"/>` +
  `<ellipse cx="122" cy="200" rx="17" ry="8" fill="${cat.belly}"/>`;

function ears(cat) {
  const outer = cat.pattern === 'points' ? cat.mark : cat.fur;
  return (
    `<path d="M54 74 50 22l40 28zM146 74l4-52-40 28z" fill="${outer}"/>` +
    `<path d="M61 62l-4-28 22 16zM139 62l4-28-22 16z" fill="#e9a9a4"/>`
  );
}

const head = (cat) =>
  `<ellipse cx="100" cy="82" rx="51" ry="43" fill="${cat.fur}"/>` +
  `<ellipse cx="100" cy="101" rx="27" ry="18" fill="${cat.belly}"/>`;

const line = (cat, path, width) =>
  `<path d="${path}" fill="none" stroke="${cat.mark}" stroke-width="${width}" stroke-linecap="round"/>`;

const fill = (colour, path) => `<path d="${path}" fill="${colour}"/>`;

const none = () => '';

const spot = (cat, x, y, r) =>
  `<ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * 0.7}" fill="${cat.mark}"/>`;

const spots = (cat, places) => places.map(([x, y, r]) => spot(cat, x, y, r)).join('');

const PATTERNS = {
  plain: none,
  stripes: (cat) =>
    line(cat, 'M57 150h14M54 168h14M53 186h13M143 150h-14M146 168h-14M147 186h-13', 6),
  tuxedo: (cat) => fill(cat.mark, 'M100 110c-22 8-30 44-24 92h48c6-48-2-84-24-92z'),
  patches: (cat) =>
    fill(cat.mark, 'M58 150c18-12 26 8 18 28s-26 14-26 0 2-22 8-28z') +
    fill('#3a3436', 'M128 128c16 4 20 30 16 46s-18 8-20-10 0-30 4-36z'),
  points: (cat) => fill(cat.mark, 'M62 202a17 9 0 0 1 32 0zM106 202a17 9 0 0 1 32 0z'),
  spots: (cat) =>
    spots(cat, [
      [64, 150, 6],
      [60, 170, 7],
      [66, 187, 5],
      [136, 148, 6],
      [141, 168, 7],
      [135, 186, 5],
    ]),
};

const HEAD_PATTERNS = {
  plain: none,
  stripes: (cat) =>
    line(cat, 'M100 42v15M87 44l2 12M113 44l-2 12M52 84h13M53 95h12M148 84h-13M147 95h-12', 5),
  tuxedo: (cat) => fill(cat.mark, 'M100 58l9 30c14 4 20 14 16 26H75c-4-12 2-22 16-26z'),
  patches: (cat) =>
    fill(cat.mark, 'M52 70c4-20 24-32 42-31 2 22-14 42-42 31z') +
    fill('#3a3436', 'M148 72c-2-18-16-29-32-32-6 16 8 38 32 32z'),
  points: (cat) => fill(cat.mark, 'M100 62c-26 6-34 34-24 48 10 14 38 14 48 0 10-14 2-42-24-48z'),
  spots: (cat) =>
    spots(cat, [
      [86, 52, 5],
      [114, 52, 5],
      [100, 47, 5],
      [61, 93, 4],
      [139, 93, 4],
    ]),
};

const collar = (cat) =>
  `<path d="M72 120q28 13 56 0" fill="none" stroke="${cat.collar}" stroke-width="7" ` +
  `stroke-linecap="round"/><circle cx="100" cy="131" r="6" fill="#f4cf57" stroke="#a97f1c"/>`;

function eyes(cat) {
  if (cat.pupils === 'closed') {
    const lids = 'M69 80q10 9 20 0M111 80q10 9 20 0';
    return `<path d="${lids}" fill="none" stroke="#3b2a18" stroke-width="4" stroke-linecap="round"/>`;
  }
  const width = cat.pupils === 'slit' ? 2.6 : 6;
  return [79, 121]
    .map(
      (x) =>
        `<ellipse cx="${x}" cy="79" rx="11" ry="12" fill="${cat.eyes}" stroke="#222" stroke-width="1.5"/>` +
        `<ellipse cx="${x}" cy="79" rx="${width}" ry="9" fill="#14110f"/>` +
        `<circle cx="${x + 3}" cy="74" r="2.6" fill="#fff"/>`,
    )
    .join('');
}

const MUZZLE =
  '<path d="M94 94h12l-6 8z" fill="#d9777f"/>' +
  '<path d="M100 102v5m0 0q-8 8-14 1m14-1q8 8 14 1" fill="none" stroke="#4a3430" stroke-width="2" ' +
  'stroke-linecap="round"/><path d="M66 100l-34-5M66 106l-33 5M134 100l34-5M134 106l33 5" ' +
  'stroke="#8d8580" stroke-width="1.4" stroke-linecap="round"/>';

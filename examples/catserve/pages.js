// The pages. What comes from a request is escaped; the cats are our own.

const STYLE = `
:root { color-scheme: light dark; --card: #fff; --ink: #26303b; --soft: #66717d; --paper: #f4f1ec; }
@media (prefers-color-scheme: dark) {
  :root { --card: #262b33; --ink: #eef1f4; --soft: #a4afba; --paper: #181c22; }
}
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.2rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 2rem; margin: 0 0 .3rem; }
a { color: inherit; }
.soft { color: var(--soft); }
.cats { display: grid; gap: 1.2rem; padding: 0; list-style: none;
  grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
.cat { background: var(--card); border-radius: 1rem; padding: 1rem; text-align: center;
  box-shadow: 0 2px 10px #0002; transition: transform .15s; }
.cat:hover { transform: translateY(-4px); }
.cat a { text-decoration: none; }
.cat img { width: 100%; max-width: 12rem; }
.cat h2 { margin: .5rem 0 0; font-size: 1.15rem; }
.portrait { display: flex; flex-wrap: wrap; gap: 2rem; align-items: center; }
.portrait img { width: 18rem; max-width: 100%; }
button { font: inherit; padding: .4rem 1rem; border-radius: .5rem; cursor: pointer; }
progress { width: 16rem; max-width: 100%; }
code { background: #8882; border-radius: .3rem; padding: .1rem .35rem; }
footer { margin-top: 2.5rem; font-size: .85rem; }`;

/** The start page: some cats, and the ways to make trouble. */
export function home(cats) {
  return page(
    'Cats as a service',
    `<p class="soft">Reliable, scalable, aloof.</p>
    <ul class="cats">${cats.slice(0, 3).map(card).join('')}</ul>
    <p><a href="/cats">All ${cats.length} cats</a></p>
    <h2>Trouble to try</h2>
    <ul>${TROUBLE.map(([path, what]) => `<li><a href="${path}"><code>${path}</code></a> ${what}</li>`).join('')}</ul>`,
  );
}

const TROUBLE = [
  ['/slow?s=3', 'answers after a nap of 3 seconds'],
  ['/block?s=3', 'sits on the event loop for 3 seconds'],
  ['/throw', 'throws, off the table'],
  ['/reject', 'rejects, after some thought'],
  ['/leak?mb=10', 'keeps 10 MiB for ever'],
  ['/stream', 'purrs as server-sent events'],
  ['/health', 'says how it is'],
];

/** All cats. */
export function gallery(cats) {
  return page('The cats', `<ul class="cats">${cats.map(card).join('')}</ul>`);
}

/** One cat. */
export function catPage(cat) {
  return page(
    cat.title,
    `<div class="portrait"><img src="/cats/${cat.name}.svg" alt="${cat.title}">
    <div><p class="soft">${cat.breed}</p><blockquote>${cat.motto}</blockquote>
    <p>Likes ${cat.likes}.</p>
    <form method="post" action="/cats/${cat.name}/paint"><button>Paint this cat</button></form>
    <p><a href="/cats">Back to the others</a></p></div></div>`,
  );
}

/** A painting, which the page follows until it is done. */
export function paintingPage(cat, { id, step, of, what }) {
  return page(
    `${cat.title}, painted`,
    `<div class="portrait"><img id="painting" src="/paintings/${id}.svg?${step}" alt="${cat.title}">
    <div><p id="what" class="soft">${what}</p>
    <progress id="progress" value="${step}" max="${of}"></progress>
    <p><a href="/cats/${cat.name}">Back to ${cat.title}</a></p></div></div>
    ${step < of ? `<noscript><meta http-equiv="refresh" content="1"></noscript>${follow(id)}` : ''}`,
  );
}

/** Asks how far the painting is, and shows the picture again when there is more of it. */
const follow = (id) => `<script>
const byId = (id) => document.getElementById(id);
const look = async () => {
  let painting;
  try {
    painting = await (await fetch('/paintings/${id}.json')).json();
  } catch {
    return setTimeout(look, 2000);
  }
  const { step, of, what } = painting;
  if (step !== byId('progress').value) byId('painting').src = '/paintings/${id}.svg?' + step;
  byId('progress').value = step;
  byId('what').textContent = what;
  if (step < of) setTimeout(look, 300);
};
look();
</script>`;

/** There is no such page. */
export function notFound(path) {
  return page(
    'No cat here',
    `<p>There is nothing at <code>${escape(path.slice(0, 200))}</code>. It may be under the sofa.</p>
    <p><a href="/cats">Cats that can be found</a></p>`,
  );
}

function card(cat) {
  return `<li class="cat"><a href="/cats/${cat.name}"><img src="/cats/${cat.name}.svg"
    alt="${cat.title}, ${cat.breed}" width="200" height="220"><h2>${cat.title}</h2>
    <span class="soft">${cat.breed}</span></a></li>`;
}

function page(title, content) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${STYLE}</style></head>
<body><h1>${title}</h1>
${content}
<footer class="soft"><a href="/">catserve</a> · served by process ${process.pid}</footer>
</body></html>
`;
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Makes pages live. Without it they work the same, and show the state of their last load. */
import { Idiomorph } from './idiomorph.js';

/** Times are in UTC without the script. */
function showLocalTimes(root) {
  const [toMinute, toSecond] = ['short', 'medium'].map(
    (timeStyle) =>
      new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle }),
  );
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.title = time.dateTime;
    time.textContent = ('seconds' in time.dataset ? toSecond : toMinute).format(at);
  }
}

/** A field that a person has changed keeps its value; a video that plays keeps playing. */
function isInUse(node) {
  return node.dataset?.edited === 'yes' || (node.nodeName === 'VIDEO' && !node.paused);
}

/** Only what differs is changed, so focus, scroll position and players stay. */
function update(region, { digest, html }) {
  if (region.dataset.region === digest) return;
  Idiomorph.morph(region, html, {
    morphStyle: 'innerHTML',
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (node, next) =>
        !(isInUse(node) && node.getAttribute('src') === next.getAttribute?.('src')),
    },
  });
  region.dataset.region = digest;
  showLocalTimes(region);
  watchThumbnails(region);
}

function follow(address) {
  const status = document.querySelector('.live');
  const show = (state) => {
    if (!status || status.dataset.state === state) return;
    status.dataset.state = state;
    status.textContent = status.dataset[state] ?? '';
  };
  const source = new EventSource(address);
  source.addEventListener('open', () => show('open'));
  source.addEventListener('error', () =>
    show(source.readyState === EventSource.CLOSED ? 'disconnected' : 'reconnecting'),
  );
  source.addEventListener('region', ({ data }) => {
    const change = JSON.parse(data);
    const region = document.getElementById(change.id);
    if (region) update(region, change);
  });
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
}

/** Thumbnails play while they are seen; under the pointer only if the person saves data; never for who prefers no motion. */
const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) target.play().catch(() => {});
      else target.pause();
    }
  },
  { threshold: 0.6 },
);

function watchThumbnails(root) {
  for (const video of root.querySelectorAll('video[data-thumbnail]')) {
    if (isCalm) continue;
    if (!navigator.connection?.saveData) seen.observe(video);
    // The link of a card covers its video.
    const card = video.closest('li') ?? video;
    card.onmouseenter = card.onfocusin = () => video.play().catch(() => {});
  }
}

addEventListener('input', ({ target }) => {
  if (target.dataset) target.dataset.edited = 'yes';
});
// The server makes a second click harmless; this shows that the first one counts.
addEventListener('submit', ({ target }) => {
  if (target.method !== 'post') return;
  setTimeout(() => {
    for (const button of target.querySelectorAll('button')) button.disabled = true;
  });
});
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('form[method=post] button'))
    button.disabled = button.hasAttribute('data-off');
});
for (const field of document.querySelectorAll('[data-submits]')) {
  field.addEventListener('change', () => field.form.requestSubmit());
}

showLocalTimes(document);
watchThumbnails(document);
document.querySelector('[data-autofocus]')?.focus();
if (document.body.dataset.live !== undefined) follow(document.body.dataset.live);

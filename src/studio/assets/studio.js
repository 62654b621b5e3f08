/** Makes pages live. Without it they work the same, and show the state of their last load. */
import { follow } from './live.js';

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

/** Thumbnails play while the pointer or the focus is on their card; never for who prefers no motion. */
const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;

function watchThumbnails(root) {
  if (isCalm) return;
  for (const video of root.querySelectorAll('video[data-thumbnail]')) {
    // The link of a card covers its video.
    const card = video.closest('li') ?? video;
    card.onmouseenter = card.onfocusin = () => video.play().catch(() => {});
    card.onmouseleave = card.onfocusout = () => video.pause();
  }
}

/** Tabs of a browser share a session, so they leave it together. */
function leaveTogether() {
  const channel = new BroadcastChannel('onetake-studio');
  channel.addEventListener('message', () => location.replace('/studio/login'));
  addEventListener('submit', ({ target }) => {
    if (target.getAttribute('action') !== '/studio/logout') return;
    // The next page is here, so the cookie is gone.
    addEventListener('pagehide', () => channel.postMessage('signed out'), { once: true });
  });
}

// The server makes a second click harmless; this shows that the first one counts.
addEventListener('submit', ({ target }) => {
  if (target.method !== 'post') return;
  setTimeout(() => {
    for (const button of target.querySelectorAll('button')) button.disabled = true;
  });
});
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('form[method=post] button'))
    button.disabled = false;
});
for (const field of document.querySelectorAll('[data-submits]')) {
  field.addEventListener('change', () => field.form.requestSubmit());
}

function onChange(region) {
  showLocalTimes(region);
  watchThumbnails(region);
}

onChange(document);
leaveTogether();
document.querySelector('[data-autofocus]')?.focus();
if (document.body.dataset.live !== undefined) follow(document.body.dataset.live, onChange);

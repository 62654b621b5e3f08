/** Follows what a page shows, and leaves alone what a person is using. */
import { Idiomorph } from './idiomorph.js';

const fields = 'input:not([type="hidden"]), select, textarea';
const mostPauseMs = 60_000;
/** A form leads to another page long before; only if it did not, this page is still here. */
const afterFormMs = 10_000;
/** Newest change of each region that is in use. */
const held = new Map();

/** What a person sends must be what the person has read, so a form stays as it is until it is sent or reset. */
function isInUse(region) {
  const active = document.activeElement;
  const isFilledIn = region.querySelector('form[data-edited]') !== null;
  return isFilledIn || (region.contains(active) && active.matches(fields));
}

/** Only what differs is changed, so focus, scroll position, players and open details stay. */
function update(region, { digest, html }, onChange) {
  held.delete(region);
  if (region.dataset.region === digest) return;
  if (isInUse(region)) {
    held.set(region, { digest, html });
    return;
  }
  Idiomorph.morph(region, html, {
    morphStyle: 'innerHTML',
    callbacks: {
      beforeNodeMorphed: (node, next) =>
        !(
          node.nodeName === 'VIDEO' &&
          !node.paused &&
          node.getAttribute('src') === next.getAttribute?.('src')
        ),
      beforeAttributeUpdated: (name, node) => !(name === 'open' && node.nodeName === 'DETAILS'),
    },
  });
  region.dataset.region = digest;
  onChange(region);
}

/** The words about the connection. They are spoken only when they change while the page is open. */
function showState(state) {
  const status = document.querySelector('.live');
  if (!status || status.dataset.state === state) return;
  if (status.dataset.state !== 'none' || state !== 'open')
    status.setAttribute('aria-live', 'polite');
  status.dataset.state = state;
  status.textContent = status.dataset[state] ?? '';
}

/** The stream of an address: open while the page is seen, because a browser has few connections for all its tabs. */
function createStream(address, onRegion) {
  let source = null;
  let timer;
  let pauseMs = 5_000;
  let isOver = false;
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const open = () => {
    if (source || isOver || document.visibilityState !== 'visible') return;
    clearTimeout(timer);
    source = new EventSource(address);
    source.addEventListener('state', ({ data }) => {
      pauseMs = 5_000;
      showState(data);
      isOver = data === 'ended' || data === 'gone';
      if (isOver) close();
    });
    source.addEventListener('region', ({ data }) => onRegion(JSON.parse(data)));
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) return showState('reconnecting');
      // Refused, for example because too many pages are open: the browser does not try again by itself.
      close();
      showState('disconnected');
      timer = setTimeout(open, pauseMs);
      pauseMs = Math.min(2 * pauseMs, mostPauseMs);
    });
  };
  const later = (waitMs) => {
    timer = setTimeout(open, waitMs);
  };
  return { open, close, later };
}

/** @param onChange Called with each region that was changed. */
export function follow(address, onChange) {
  const put = (change) => {
    const region = document.getElementById(change.id);
    if (region) update(region, change, onChange);
  };
  const stream = createStream(address, put);
  const release = () => {
    // What is still in use is held again, so the map must not be the one that is walked.
    const changes = new Map(held);
    for (const [region, change] of changes) update(region, change, onChange);
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') stream.open();
    else stream.close();
  });
  addEventListener('input', ({ target }) => {
    if (target.form) target.form.dataset.edited = 'yes';
  });
  addEventListener('focusout', () => setTimeout(release));
  addEventListener('reset', ({ target }) => {
    delete target.dataset.edited;
    setTimeout(release);
  });
  addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    stream.close();
    stream.later(afterFormMs);
  });
  addEventListener('pagehide', () => stream.close());
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  stream.open();
}

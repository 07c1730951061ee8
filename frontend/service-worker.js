// Keeps the page's own files, so that it opens without a network and at once. RELEASE, which the server writes above
// this line, names the files of one release with their hashes; another release is another worker with a store of its own.
// Nothing else is kept: no answer of the API, no picture, nothing that belongs to a person. And it shows the page's notifications.
const STORE = `roomful-${RELEASE.version}`;
const PATIENCE = 3000; // milliseconds that a network may take to bring the page before the kept one is shown

addEventListener('install', (event) => event.waitUntil(fill()));
addEventListener('activate', (event) => event.waitUntil(Promise.all([tidy(), clients.claim()])));
addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (mode === 'navigate' && pathname === '/') event.respondWith(page(event.request));
  else if (pathname.startsWith('/static/v-')) event.respondWith(file(event.request));
});
addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(goTo(event.notification.data.message));
});

/** In the tab that one has looked at last, else in a new one. */
async function goTo(message) {
  const [tab] = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!tab) return clients.openWindow(`/#/messages/${message}`);
  tab.postMessage({ goTo: message });
  return tab.focus();
}

/** A network that changes under way deserves another try. */
async function fill() {
  for (let tries = 3; tries > 0; tries -= 1) {
    try {
      return await fillOnce();
    } catch (error) {
      if (tries === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** All or nothing. A file whose hash is another one comes from a replica of another release: next time then. */
async function fillOnce() {
  const store = await caches.open(STORE);
  const files = Object.entries(RELEASE.files).map(([address, integrity]) => new Request(address, { integrity }));
  await store.addAll(files);
  const answer = await fetch('/', { cache: 'no-cache' });
  if (!(await answer.clone().text()).includes(`/static/v-${RELEASE.version}/`)) throw new Error('The page is of another release.');
  await store.put('/', answer);
}

/** This worker begins when no tab uses an older one: the older ones' stores are over. */
async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith('roomful-') && name !== STORE) await caches.delete(name);
}

/** The newest page where there is a network: a new release shows with the next visit. */
async function page(request) {
  const kept = () => caches.open(STORE).then((store) => store.match('/'));
  const asked = fetch(request);
  asked.catch(() => undefined); // may fail after the kept page is shown
  try {
    const answer = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    if (answer && answer.status < 500) return answer;
    return (await kept()) ?? asked;
  } catch (error) {
    return (await kept()) ?? Promise.reject(error);
  }
}

/** Addresses name the release, so a kept file is the right one, whichever worker has kept it. */
async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  const isOurs = answer.ok && answer.headers.get('Cache-Control')?.includes('immutable');
  if (isOurs && request.url.includes(`/static/v-${RELEASE.version}/`)) {
    const copy = answer.clone();
    await caches.open(STORE).then((store) => store.put(request, copy)).catch(() => undefined); // the disk may be full
  }
  return answer;
}

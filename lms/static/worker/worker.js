/* The service worker. It answers with what is kept when the network does not, and keeps forms that could not be sent.
   ASSETS and OFFLINE are written above this by the server. A person's pages are in a cache of their own. */
{
  const PATIENCE = { page: 4000, form: 45000 };
  const pagesOf = (person) => `pages-${person}`;
  const isAsset = (url) => url.pathname.startsWith('/assets/') || url.pathname.startsWith('/curriculum/figures/');

  const inTime = (work, milliseconds) => new Promise((done, failed) => {
    setTimeout(failed, milliseconds, new Error('too slow'));
    work.then(done, failed);
  });

  const kept = async (request) => {
    const person = await self.outbox.fact('person');
    const pages = person && await caches.has(pagesOf(person)) && await caches.open(pagesOf(person));
    return pages && ((await pages.match(request)) || (await pages.match(request, { ignoreSearch: true })));
  };

  /* Who is signed in is what the last answer said; a kept page is brought up to date by each visit. */
  const learn = async (request, response) => {
    const person = Number(response.headers.get('Person'));
    if (await self.outbox.fact('away')) await self.outbox.note('away', false);
    if (!person) return;
    if (person !== await self.outbox.fact('person')) await self.outbox.note('person', person);
    if (!await caches.has(pagesOf(person))) return;
    const pages = await caches.open(pagesOf(person));
    if (response.ok && !response.redirected && await pages.match(request)) await pages.put(request, response);
  };

  const to = (address) => Response.redirect(address, 303);

  const page = async (event) => {
    const copy = await kept(event.request);
    try {
      const asked = fetch(event.request);
      const response = await (copy ? inTime(asked, PATIENCE.page) : asked);
      if (response.status === 502 || response.status === 504) throw new Error('nobody behind the proxy');
      event.waitUntil(learn(event.request, response.clone()));
      return response;
    } catch (away) {
      event.waitUntil(self.outbox.note('away', true));
      if (copy) return copy;
      const address = new URL(event.request.url);
      if (address.pathname === OFFLINE) throw away;
      return to(`${OFFLINE}?missing=${encodeURIComponent(address.pathname)}`);
    }
  };

  /* What waited or had to be corrected arrives here when it is sent by hand. */
  const forget = async (request) => {
    if (!(await self.outbox.everything()).length) return;
    for (const [name, value] of (await request.formData()).entries()) {
      if (/form_key$/.test(name)) await self.outbox.remove(value);
    }
  };

  /* Tried first; the server knows the form by its key, should it have arrived although no answer came. */
  const form = async (event) => {
    const copy = event.request.clone();
    const again = event.request.clone();
    try {
      const response = await inTime(fetch(event.request), PATIENCE.form);
      if (response.status === 502 || response.status === 504) throw new Error('nobody behind the proxy');
      if (response.type === 'opaqueredirect') event.waitUntil(forget(again));
      return response;
    } catch (away) {
      const fields = [...(await copy.formData()).entries()];
      const [, title] = fields.find(([name]) => name === 'offline') || [];
      const [, person] = fields.find(([name]) => name === 'offline_person') || [];
      if (!title || !person) return await kept(new Request(OFFLINE)) ? to(`${OFFLINE}?failed=1`) : Promise.reject(away);
      const { url, referrer } = event.request;
      try {
        const key = await self.outbox.add({ url, from: referrer, title, person: Number(person), fields });
        if (self.registration.sync) await self.registration.sync.register('outbox').catch(() => {});
        return to(`${OFFLINE}?saved=${encodeURIComponent(key)}`);
      } catch (full) {
        return to(`${OFFLINE}?full=1`);
      }
    }
  };

  const asset = async (request) => {
    const assets = await caches.open('assets');
    const found = await assets.match(request);
    if (found) return found;
    const response = await fetch(request);
    if (response.ok) await assets.put(request, response.clone());
    return response;
  };

  self.addEventListener('install', (event) => {
    event.waitUntil(caches.open('assets').then((assets) => assets.addAll(ASSETS)).then(() => self.skipWaiting()));
  });
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener('sync', (event) => {
    if (event.tag === 'outbox') event.waitUntil(self.outbox.replay().then((end) => { if (end === 'offline') throw new Error(end); }));
  });
  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.mode === 'navigate') event.respondWith(request.method === 'POST' ? form(event) : page(event));
    else if (request.method === 'GET' && isAsset(url)) event.respondWith(asset(request));
  });
}

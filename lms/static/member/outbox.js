/* What was sent without a connection waits here, in the phone's own database, until the server has answered it. The
   page and the service worker share this file. An entry belongs to one person; nobody else sees it or sends it. */
{
  const KEPT_RECEIPTS = 20;
  const SENDING_TAKES = 60000;

  const open = () => new Promise((done, failed) => {
    const asked = indexedDB.open('pespunte', 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('outbox', { keyPath: 'key' });
      asked.result.createObjectStore('facts');
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

  const use = async (store, mode, work) => {
    const db = await open();
    try {
      const transaction = db.transaction(store, mode);
      const asked = work(transaction.objectStore(store));
      await new Promise((done, failed) => {
        transaction.oncomplete = done;
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
      });
      return asked && asked.result;
    } finally {
      db.close();
    }
  };

  const fact = (name) => use('facts', 'readonly', (store) => store.get(name));
  const note = (name, value) => use('facts', 'readwrite', (store) => store.put(value, name));
  const put = (entry) => use('outbox', 'readwrite', (store) => store.put(entry));
  const remove = (key) => use('outbox', 'readwrite', (store) => store.delete(key));
  const everything = () => use('outbox', 'readonly', (store) => store.getAll());
  const of = async (person) => (await everything())
    .filter((entry) => entry.person === person)
    .sort((one, other) => one.made - other.made || one.place - other.place);
  const tell = () => { const channel = new BroadcastChannel('outbox'); channel.postMessage(''); channel.close(); };

  const isKey = (name) => /(form_key|csrf_token)$/.test(name);
  const content = (fields) => JSON.stringify(fields.filter(([name]) => !isKey(name))
    .map(([name, value]) => [name, value instanceof Blob ? [value.name, value.size] : value]));

  /* The same words sent twice before they left, from a page that was opened again, are sent once. */
  const add = async ({ url, from, title, person, fields }) => {
    const key = (fields.find(([name]) => /form_key$/.test(name)) || [])[1] || self.crypto.randomUUID();
    for (const entry of await of(person)) {
      const again = entry.state === 'waiting' && entry.url === url && content(entry.fields) === content(fields);
      if (again) return entry.key;
    }
    const place = ((await fact('place')) || 0) + 1;
    await note('place', place);
    await put({ key, url, from, title, person, fields, place, made: Date.now(), state: 'waiting' });
    tell();
    return key;
  };

  const body = (entry, token) => {
    const data = new FormData();
    entry.fields.forEach(([name, value]) => {
      if (/csrf_token$/.test(name)) data.append(name, token);
      else if (value instanceof Blob) data.append(name, value, value.name);
      else data.append(name, value);
    });
    return data;
  };

  const send = async (entry, token) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), SENDING_TAKES + 1000 * entry.fields.length);
    try {
      const seconds = Math.max(0, Math.round((Date.now() - entry.made) / 1000));
      const response = await fetch(entry.url, {
        method: 'POST', body: body(entry, token), headers: { Replay: String(seconds) }, redirect: 'manual', signal: limit.signal,
      });
      const answer = await response.json().catch(() => ({}));
      return { code: response.status, answer };
    } finally {
      clearTimeout(timer);
    }
  };

  /* One entry after the other, in the order in which they were made. Says what ended it: "done", "offline" (or the
     server is not well), "signed-out" (nobody, or another person, is signed in), "busy" (another page is at it). */
  const replayAll = async () => {
    let token = await fetch('/offline/token', { cache: 'no-store' }).then((response) => response.json());
    for (const entry of await of(token.person)) {
      if (entry.state !== 'waiting') continue;
      let { code, answer } = await send(entry, token.csrf);
      if (code === 400) {
        token = await fetch('/offline/token', { cache: 'no-store' }).then((response) => response.json());
        if (token.person !== entry.person) return 'signed-out';
        ({ code, answer } = await send(entry, token.csrf));
      }
      if (code === 0 || code === 401) return 'signed-out';
      if (code >= 500 || code === 429) return 'offline';
      if (answer.led_to) await put({ ...entry, fields: [], state: 'sent', answer });
      else await put({ ...entry, state: 'problem', answer });
      tell();
    }
    return token.person ? 'done' : 'signed-out';
  };

  const replay = () => navigator.locks.request('outbox', { ifAvailable: true }, async (lock) => {
    if (!lock) return 'busy';
    try { return await replayAll(); } catch (away) { return 'offline'; }
  });

  const tidy = async (person) => {
    const sent = (await of(person)).filter((entry) => entry.state === 'sent');
    for (const entry of sent.slice(0, -KEPT_RECEIPTS)) await remove(entry.key);
  };

  self.outbox = { fact, note, of, everything, add, remove, replay, tidy };
}

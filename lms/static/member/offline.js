/* Pages of a member work without a connection: this keeps them, says what waits, and sends it. Browsers without service
   workers, and pages in a private window, go on as before. */
if ('serviceWorker' in navigator && 'indexedDB' in window && navigator.locks) {
  const page = document.body.dataset;
  const person = Number(page.person);
  const bar = document.getElementById('net');
  const RETRY = 30000;
  const REFRESH = 30 * 60000;
  const counted = (one, many, count) => (count === 1 ? one : many.replace('{n}', count));
  const quietly = (work) => work.catch(() => {});

  /* What a kept page would send has a key of its own each time it is opened; a form to be corrected keeps its key. */
  if (!document.querySelector('.errs, [data-failed]')) {
    document.querySelectorAll('input[name$=form_key]').forEach((input) => {
      if (input.form.querySelector('[name=offline]')) input.value = crypto.randomUUID();
    });
  }

  let away = !navigator.onLine;
  let sent = false;

  const say = (text) => {
    bar.hidden = !text;
    if (text) bar.querySelector('span').textContent = text;
  };

  const markForms = (waiting) => {
    document.querySelectorAll('form').forEach((form) => {
      const waits = waiting.some((entry) => entry.url === form.action);
      const note = form.querySelector('.waits');
      if (note && !waits) note.remove();
      if (note || !waits) return;
      const words = document.createElement('p');
      words.className = 'waits';
      words.textContent = bar.dataset.here;
      form.append(words);
    });
  };

  const show = async () => {
    if (!bar) return;
    const words = bar.dataset;
    if (!person) {
      const waiting = (await outbox.everything()).filter((entry) => entry.state === 'waiting').length;
      say(waiting && words.enterOne ? counted(words.enterOne, words.enterMany, waiting) : '');
      return;
    }
    const mine = await outbox.of(person);
    const waiting = mine.filter((entry) => entry.state === 'waiting');
    const count = waiting.length && counted(words.one, words.many, waiting.length);
    const problem = mine.some((entry) => entry.state === 'problem');
    bar.classList.toggle('net--bad', problem && !away);
    if (away) say([words.away, count].filter(Boolean).join(' '));
    else say(problem ? words.problem : count || (sent ? words.sent : ''));
    markForms(waiting);
  };

  const replay = async () => {
    const before = (await outbox.of(person)).filter((entry) => entry.state === 'waiting').length;
    if (before) {
      const end = await outbox.replay();
      away = end === 'offline';
      sent = end === 'done';
      if (sent) { await outbox.tidy(person); await outbox.note(`synced-${person}`, 0); quietly(keepPages()); }
    } else {
      away = !navigator.onLine || Boolean(await outbox.fact('away'));
    }
    await show();
  };

  /* One page after the other, and only what is not kept already: the connection belongs to who reads. */
  const wanted = (part, choice) => part === 'always' || choice === 'both' || choice === part;

  const keepOne = async (pages, { url }) => {
    const response = await fetch(url, { headers: { Keep: '1' } });
    if (!response.ok || response.redirected) return null;
    const text = await response.clone().text();
    if (leaving) return null;
    await pages.put(url, response);
    const pictures = new Set(text.match(/\/curriculum\/figures\/[\w.]+/g));
    for (const picture of pictures) await fetch(picture);
    return text.length;
  };

  /* Another page of this browser may be keeping pages while somebody leaves: it must not bring them back. */
  let leaving = false;
  const farewell = new BroadcastChannel('leaving');
  farewell.addEventListener('message', () => { leaving = true; });
  let keeping = Promise.resolve();
  const keepPages = (options) => { keeping = keepAll(options || {}); return keeping; };
  const keepAll = async ({ now = false, step = () => {} }) => {
    if (!person || !page.offline) return;
    const synced = (await outbox.fact(`synced-${person}`)) || 0;
    if (!now && Date.now() - synced < REFRESH) return;
    const answer = await fetch('/offline/plan', { headers: { Keep: '1' } });
    if (!answer.ok || answer.redirected) return;
    const plan = await answer.json();
    if (plan.person !== person) return;
    const saving = navigator.connection && navigator.connection.saveData;
    const choice = (await outbox.fact(`choice-${person}`)) || (saving ? 'none' : 'both');
    const chosen = plan.pages.filter(({ part }) => wanted(part, choice));
    if (leaving) return;
    const pages = await caches.open(`pages-${person}`);
    const kept = (await outbox.fact(`kept-${person}`)) || {};
    for (const [place, one] of chosen.entries()) {
      if (leaving) return;
      const mark = `${plan.built}:${one.mark}`;
      const is = kept[one.url];
      if (!is || is.mark !== mark || !(await pages.match(one.url))) {
        const size = await keepOne(pages, one);
        if (size) kept[one.url] = { mark, size, at: Date.now() };
        await outbox.note(`kept-${person}`, kept);
      }
      step(place + 1, chosen.length);
    }
    const urls = new Set(chosen.map(({ url }) => url));
    for (const request of await pages.keys()) {
      const { pathname, search } = new URL(request.url);
      if (!urls.has(pathname + search)) { await pages.delete(request); delete kept[pathname + search]; }
    }
    await outbox.note(`kept-${person}`, kept);
    await outbox.note(`synced-${person}`, Date.now());
  };

  const start = async () => {
    await quietly(show());
    if (!page.offline) return;
    await outbox.note('person', person);
    await navigator.serviceWorker.register('/sw.js');
    await replay();
    await quietly(keepPages());
  };

  window.offline = { person, keepPages, replay, show };
  new BroadcastChannel('outbox').addEventListener('message', () => quietly(show()));
  if (page.offline) {
    addEventListener('online', () => quietly(replay()));
    addEventListener('offline', () => { away = true; quietly(show()); });
    setInterval(() => quietly(replay()), RETRY);
  }
  setTimeout(() => quietly(start()), 200);

  /* Whoever leaves the phone takes the pages along; what still waits to be sent stays for when they come back. */
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!('leaves' in form.dataset) || form.dataset.left) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leaving = true;
    farewell.postMessage('');
    quietly(keeping).then(async () => {
      const waiting = (await outbox.everything()).some((entry) => entry.state !== 'sent');
      form.querySelector('[name=keep]').value = waiting ? '1' : '';
      await caches.delete(`pages-${person}`);
      for (const name of ['person', `kept-${person}`, `synced-${person}`]) await outbox.note(name, null);
    }).catch(() => {}).then(() => { form.dataset.left = '1'; form.requestSubmit(event.submitter); });
  }, true);
}

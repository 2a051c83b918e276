/* The page on which one sees what waits, what was sent and what is kept; see home/offline.html. */
{
  const root = document.getElementById('offline-page');
  const group = (name) => root.querySelector(`[data-group=${name}]`);
  const moment = (milliseconds) => new Date(milliseconds).toLocaleString(document.documentElement.lang,
    { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const inSizes = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

  const row = (entry) => {
    const item = document.getElementById(`entry-${entry.state}`).content.cloneNode(true).firstElementChild;
    item.dataset.key = entry.key;
    item.querySelector('[data-title]').textContent = entry.title;
    const answer = entry.answer || {};
    item.querySelector('[data-time]').textContent = moment(answer.at ? Date.parse(answer.at) : entry.made);
    const words = (answer.said || answer.problems || []).join(' ');
    if (words) item.querySelector('[data-words]').textContent = words;
    const led = item.querySelector('[data-led]');
    if (led) led.href = answer.led_to;
    return item;
  };

  const list = async () => {
    const mine = await outbox.of(offline.person);
    for (const state of ['problem', 'waiting', 'sent']) {
      const entries = mine.filter((entry) => entry.state === state);
      if (state === 'sent') entries.reverse();
      group(state).querySelector('ul').replaceChildren(...entries.map(row));
      if (state !== 'waiting') group(state).hidden = !entries.length;
      else {
        group(state).querySelector('[data-empty]').hidden = entries.length > 0;
        group(state).querySelector('[data-some]').hidden = !entries.length;
      }
    }
  };

  const pages = async () => {
    const kept = (await outbox.fact(`kept-${offline.person}`)) || {};
    root.querySelectorAll('[data-page]').forEach((place) => {
      const is = kept[place.dataset.page];
      place.textContent = is ? `${root.dataset.kept} · ${inSizes(is.size)}` : root.dataset.lacking;
    });
    const total = Object.values(kept).reduce((sum, { size }) => sum + size, 0);
    root.querySelector('[data-size]').textContent = total ? root.dataset.takes.replace('{size}', inSizes(total)) : '';
  };

  const say = async () => {
    const asked = new URLSearchParams(location.search);
    for (const [name, value] of asked) {
      const words = root.querySelector(`[data-when="${CSS.escape(name)}"]`);
      if (!words) continue;
      const title = words.querySelector('[data-title]');
      const entry = title && (await outbox.of(offline.person)).find(({ key }) => key === value);
      if (title && !entry) continue;
      if (title) title.textContent = entry.title;
      words.hidden = false;
    }
  };

  /* Sent from here as any form is: the server shows its page with what was written, and what to correct. */
  const correct = (entry) => {
    const form = document.createElement('form');
    const box = new DataTransfer();
    Object.assign(form, { method: 'post', action: entry.url, enctype: 'multipart/form-data', hidden: true });
    entry.fields.forEach(([name, value]) => {
      const input = document.createElement('input');
      input.name = name;
      if (value instanceof Blob) {
        input.type = 'file';
        if (value.size) { box.items.add(value); input.files = box.files; }
      } else {
        input.value = /csrf_token$/.test(name) ? entry.token : value;
      }
      form.append(input);
    });
    document.body.append(form);
    form.submit();
  };

  const actions = {
    send: () => offline.replay().then(() => {
      root.querySelector('[data-away]').hidden = navigator.onLine;
    }),
    remove: async (key) => { if (confirm(root.dataset.sure)) { await outbox.remove(key); await offline.show(); } },
    correct: async (key) => {
      const entry = (await outbox.of(offline.person)).find((one) => one.key === key);
      const token = await fetch('/offline/token').then((answer) => answer.json());
      if (entry && token.person === entry.person) correct({ ...entry, token: token.csrf });
    },
  };

  const begin = async () => {
    const choice = root.querySelector('[data-choice]');
    const bar = choice.querySelector('progress');
    const chosen = (await outbox.fact(`choice-${offline.person}`)) || 'both';
    choice.elements.choice.value = chosen;
    choice.addEventListener('submit', async (event) => {
      event.preventDefault();
      bar.parentElement.hidden = false;
      await outbox.note(`choice-${offline.person}`, choice.elements.choice.value);
      if (navigator.storage) await navigator.storage.persist().catch(() => {});
      const step = (done, all) => { bar.max = all; bar.value = done; pages(); };
      const full = await offline.keepPages({ now: true, step }).then(() => false, () => navigator.onLine);
      bar.parentElement.hidden = true;
      await pages();
      if (full) root.querySelector('[data-size]').textContent = root.dataset.full;
    });
    root.addEventListener('click', async ({ target }) => {
      const button = target.closest('[data-offline-do]');
      if (!button) return;
      const item = button.closest('[data-key]');
      await actions[button.dataset.offlineDo](item && item.dataset.key).catch(() => {});
      await list();
    });
    new BroadcastChannel('outbox').addEventListener('message', () => list().catch(() => {}));
    await say();
    await list();
    await pages();
  };

  if (root) queueMicrotask(() => { if (window.offline) begin().catch(() => {}); });  /* when the file is through */
}

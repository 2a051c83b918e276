/* A chosen photo or file is sent at once, by itself, and the page stays: how much has left, then what the server
   kept. The form is the ordinary one, so without scripts, or without a connection, it is sent as any form is. */
{
  const words = document.getElementById('uploads');
  const said = words && words.querySelector('[role=status]');
  const isSlot = (form) => form.matches('form.slot');
  const byWorker = () => Boolean(navigator.serviceWorker && navigator.serviceWorker.controller);

  const show = (form, text, share) => {
    let place = form.querySelector('.sending');
    if (!place) {
      place = document.createElement('p');
      place.className = 'sending';
      place.append(document.createElement('progress'), document.createElement('span'));
      form.querySelector('.full').append(place);
    }
    place.firstChild.max = 100;
    place.firstChild.value = share;
    place.firstChild.setAttribute('aria-label', form.querySelector('label').textContent);
    place.lastChild.textContent = text;
  };

  const rest = (form) => {
    delete form.dataset.busy;
    form.querySelector('button').hidden = form.querySelector('input[type=file]').disabled = false;
    const place = form.querySelector('.sending');
    if (place) place.remove();
  };

  const complain = (form, messages, again) => {
    rest(form);
    const place = document.createElement('p');
    place.className = 'err full';
    place.setAttribute('role', 'alert');
    place.textContent = messages.join(' ');
    form.classList.add('wrong');
    form.querySelectorAll('.err').forEach((old) => old.remove());
    form.querySelector('.full').before(place);
    if (again) form.querySelector('button').textContent = words.dataset.again;
  };

  /* As a page goes: the worker keeps what cannot leave, and the server shows its own page for what went wrong. */
  const sendPlainly = (form) => { rest(form); form.dataset.plain = '1'; form.requestSubmit(); };

  /* The page that is kept for later shows the photo too. */
  const keep = async (address, response) => {
    const name = `pages-${document.body.dataset.person}`;
    if (!window.caches || !await caches.has(name)) return;
    const pages = await caches.open(name);
    if (await pages.match(address)) await pages.put(address, response);
  };

  /* Only what changed is drawn anew: words being typed and other files on their way stay as they are. */
  const redraw = async (form, { led_to: led }) => {
    const address = new URL(led, location).pathname;
    const response = await fetch(address);
    if (!response.ok || response.redirected) throw new Error(response.status);
    const copy = response.clone();
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const place = form.closest('[id^=slot-]');
    const title = form.querySelector('label').textContent;
    for (const old of [place, ...document.querySelectorAll('[data-fresh]')]) {
      const now = fresh.getElementById(old.id);
      if (now) old.replaceWith(document.importNode(now, true)); else old.remove();
    }
    const saved = document.getElementById(place.id);
    saved.tabIndex = -1;
    saved.focus({ preventScroll: true });
    said.textContent = words.dataset.saved.replace('{title}', title);
    keep(address, copy).catch(() => {});
  };

  const answered = (form, asked) => {
    let answer = {};
    try { answer = JSON.parse(asked.responseText); } catch (page) { /* not from this house */ }
    if (asked.status === 200 && answer.led_to) {
      redraw(form, answer).catch(() => location.assign(answer.led_to));
    } else if (asked.status === 422 && (answer.problems || []).length) {
      complain(form, answer.problems, false);
    } else if (asked.status === 413) {
      complain(form, [words.dataset.large], false);
    } else if (asked.status >= 500 || asked.status === 429) {
      complain(form, [words.dataset.unwell], true);
    } else {
      sendPlainly(form);
    }
  };

  const failed = (form) => {
    if (byWorker()) sendPlainly(form); else complain(form, [words.dataset.away], true);
  };

  const send = (form) => {
    const data = new FormData(form);
    const asked = new XMLHttpRequest();
    const saving = (share) => show(form, `${words.dataset.saving} ${share} %`, share);
    form.dataset.busy = '1';
    form.querySelectorAll('.err').forEach((old) => old.remove());
    form.classList.remove('wrong');
    form.querySelector('button').hidden = form.querySelector('input[type=file]').disabled = true;
    saving(0);
    asked.upload.addEventListener('progress', ({ loaded, total }) => saving(Math.round((100 * loaded) / total)));
    asked.addEventListener('load', () => answered(form, asked));
    ['error', 'timeout', 'abort'].forEach((end) => asked.addEventListener(end, () => failed(form)));
    asked.open('POST', form.action);
    asked.setRequestHeader('Replay', '0');
    asked.send(data);
  };

  if (words) {
    document.addEventListener('change', ({ target }) => {
      if (target.matches('input[type=file]') && target.files.length && isSlot(target.form)) target.form.requestSubmit();
    });
    /* While it is caught: shrinking (photos.js) comes before this, the guard against double taps (once.js) after it. */
    document.addEventListener('submit', (event) => {
      const form = event.target;
      const file = isSlot(form) && form.querySelector('input[type=file]').files[0];
      if (!file || event.defaultPrevented) return;
      const isPlain = form.dataset.plain || (!navigator.onLine && byWorker());
      delete form.dataset.plain;
      if (isPlain) return;
      event.preventDefault();
      if (!form.dataset.busy) send(form);
    }, true);
  }
}

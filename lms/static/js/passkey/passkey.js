/* A form with data-passkey is sent with what the phone's own fingerprint signed; the browser shows the rest. Without
   support it stays hidden. */
{
  const key = window.PublicKeyCredential;
  const ask = {
    enter: (options) => navigator.credentials.get({ publicKey: key.parseRequestOptionsFromJSON(options) }),
    add: (options) => navigator.credentials.create({ publicKey: key.parseCreationOptionsFromJSON(options) }),
  };
  const prepare = (form) => {
    const answer = form.elements.answer;
    const failed = form.querySelector('[data-failed-words]');
    let asking = false;
    form.hidden = false;
    form.addEventListener('submit', async (event) => {
      if (answer.value) return;
      event.preventDefault();
      if (asking) return;
      asking = true;
      failed.hidden = true;
      try {
        const made = await ask[form.dataset.passkey](JSON.parse(form.dataset.options));
        answer.value = JSON.stringify(made);
        form.requestSubmit();
      } catch (refused) {
        failed.hidden = false;
      }
      asking = false;
    });
    window.addEventListener('pageshow', () => { answer.value = ''; });
  };
  const can = key && key.parseRequestOptionsFromJSON && key.parseCreationOptionsFromJSON;
  if (can) document.querySelectorAll('form[data-passkey]').forEach(prepare);
}

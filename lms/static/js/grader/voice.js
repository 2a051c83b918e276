/* The microphone: what was recorded goes to the server at once, and comes back as the player of the form. The rest of
   the form stays as it is. At most five minutes, so that it is heard to its end. */
{
  const MOST = 5 * 60 * 1000;
  const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
  let machine = null;

  const keep = async (form, blob, said) => {
    const body = new FormData(form);
    body.set('voice', blob, 'voz');
    body.set('act', 'voice');
    const answer = await fetch(location.href, { method: 'POST', body });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const place = fresh.getElementById('spoken');
    const wrong = fresh.querySelector('.errs li');
    if (wrong || !place) { said.textContent = wrong ? wrong.textContent : answer.statusText; return; }
    document.getElementById('spoken').replaceWith(place);
    const recorder = place.querySelector('[data-recorder]');
    place.querySelector('[data-recorded]').textContent = recorder.dataset.kept;
    form.dispatchEvent(new Event('input'));
    place.querySelector('audio').focus();
  };

  const start = async (recorder, form) => {
    const said = form.querySelector('[data-recorded]');
    const words = recorder.querySelector('span');
    try {
      const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
      const pieces = [];
      machine = new MediaRecorder(sound, { mimeType: KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) });
      machine.ondataavailable = ({ data }) => pieces.push(data);
      machine.onstop = () => {
        sound.getTracks().forEach((track) => track.stop());
        words.textContent = recorder.dataset.record;
        const blob = new Blob(pieces, { type: machine.mimeType });
        machine = null;
        keep(form, blob, said).catch(() => { said.textContent = form.querySelector('[data-saved]').dataset.failedWords; });
      };
      machine.start();
      words.textContent = recorder.dataset.stop;
      setTimeout((mine) => { if (machine === mine) machine.stop(); }, MOST, machine);
    } catch (refused) {
      said.textContent = recorder.dataset.refused;
    }
  };

  document.addEventListener('click', ({ target }) => {
    const recorder = target.closest('[data-recorder]');
    if (!recorder) return;
    if (machine) machine.stop(); else start(recorder, recorder.closest('form'));
  });
}

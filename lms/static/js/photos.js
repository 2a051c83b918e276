/* A photo of 5 MB becomes one of 300 KB before it leaves the phone (and leaves the place it was taken behind).
   What cannot be read here, such as HEIC on Android, goes as it is: the server shrinks it too. */
{
  const LONGEST = 1600;
  const pending = new WeakMap();

  const shrink = async (file) => {
    if (!/^image\//.test(file.type) || /gif|svg/.test(file.type)) return file;
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', .82));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
  };

  const replace = async (input) => {
    const chosen = [...input.files];
    const smaller = await Promise.all(chosen.map((file) => shrink(file).catch(() => file)));
    const same = chosen.length === input.files.length && chosen.every((file, at) => file === input.files[at]);
    if (!same) return;
    const box = new DataTransfer();
    smaller.forEach((file) => box.items.add(file));
    input.files = box.files;
  };

  if (window.createImageBitmap && window.DataTransfer) {
    document.addEventListener('change', ({ target }) => {
      if (target.matches('input[type=file][data-shrink]') && target.form) {
        pending.set(target.form, replace(target).catch(() => {}).then(() => pending.delete(target.form)));
      }
    });
    document.addEventListener('submit', (event) => {
      const work = pending.get(event.target);
      if (!work) return;
      event.preventDefault();
      work.then(() => event.target.requestSubmit(event.submitter));
    }, true);
  }
}

/* A sentence goes below the comment without a request; of a comment, what is selected can be kept. */
document.addEventListener('click', (event) => {
  const form = event.target.closest('[data-grader]');
  const put = form && event.target.closest('[data-insert]');
  const text = form && form.elements.feedback;
  if (put) {
    event.preventDefault();
    text.value = [text.value.trimEnd(), put.dataset.insert].filter(Boolean).join('\n');
    text.dispatchEvent(new Event('input', { bubbles: true }));
    const said = form.querySelector('[data-said]');
    said.textContent = '';
    setTimeout(() => { said.textContent = put.closest('[data-inserted]').dataset.inserted; }, 50);
  } else if (form && event.target.closest('[data-keep]')) {
    form.elements.to_keep.value = text.value.slice(text.selectionStart, text.selectionEnd);
  }
});

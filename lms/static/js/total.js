/* A form with data-sum ("money" or "n") keeps the total of its data-add fields in its output. */
{
  const amount = (text) => parseFloat(String(text).replace(/[^\d.]/g, '')) || 0;
  const pesos = (number) => '$' + Math.round(number).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  const value = (field) => field.type === 'radio' ? (field.checked ? +field.dataset.add : 0) : amount(field.value);
  document.addEventListener('input', (event) => {
    const form = event.target.closest('[data-sum]');
    const output = form && form.querySelector('output');
    if (!output) return;
    let total = 0;
    form.querySelectorAll('[data-add]').forEach((field) => { total += value(field); });
    output.textContent = form.dataset.sum === 'money' ? pesos(total) : total;
  });
}

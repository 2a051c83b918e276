/* Shows the page anew as soon as a file of the courses changed. */
{
  const {stamp} = document.currentScript.dataset;
  const look = async () => {
    try {
      const answer = await fetch('/stamp', {cache: 'no-store'});
      if (answer.ok && await answer.text() !== stamp) location.reload();
    } catch {
      /* The preview was stopped, perhaps only for a moment: ask again. */
    }
  };
  setInterval(look, 1000);
}

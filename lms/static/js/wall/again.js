/* The code on the wall and the count beside it, drawn anew every ten seconds; what does not answer stays as it is. */
{
  const again = async () => {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('[data-again]');
      if (answer.ok && fresh) document.querySelector('[data-again]').replaceChildren(...fresh.childNodes);
    } catch { /* without a connection for a while */ }
  };
  setInterval(again, 10000);
}

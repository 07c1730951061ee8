// A classic script, so that it runs before the first paint: the chosen theme must not flash its opposite. The page's
// language is found here too, so that its words are on their way before anything else is.
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const theme = localStorage.getItem('roomful.theme');
  if (theme) document.documentElement.dataset.theme = theme;

  const spoken = ['en', 'zh-CN']; // of each file in lang
  const wanted = [localStorage.getItem('roomful.language'), ...navigator.languages];
  const known = wanted.map((tag) => spoken.find((one) => tag?.split('-')[0].toLowerCase() === one.split('-')[0]));
  const language = known.find(Boolean) ?? 'en';
  document.documentElement.lang = language;
  const words = document.createElement('link');
  Object.assign(words, { rel: 'preload', as: 'fetch', href: new URL(`lang/${language}.ftl`, script.src).href, crossOrigin: 'anonymous' });
  document.head.append(words);

  // A module that did not come, because the network changed under way, say, leaves nothing to see: try again, a few times.
  addEventListener('error', ({ target }) => {
    const tries = Number(sessionStorage.getItem('roomful.tries')) + 1;
    if (!(target instanceof HTMLScriptElement) || tries > 5) return;
    sessionStorage.setItem('roomful.tries', String(tries));
    setTimeout(() => location.reload(), tries * 500);
  }, true);
}

// Stylesheets that most people never need: loaded with the first view that they are for.

/** Loads one, once; whoever waits draws nothing before it is there. @param {string} name as in frontend/: `css/stats.css` */
export function sheet(name) {
  const href = new URL(`../../${name}`, import.meta.url).pathname;
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  const there = new Promise((done, fail) => {
    link.onload = () => done(undefined);
    link.onerror = () => {
      link.remove();
      fail(new Error(href));
    };
  });
  document.head.append(link);
  return there;
}

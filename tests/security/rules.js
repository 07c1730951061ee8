// What the rules for JavaScript must find, and must leave alone. It is read by semgrep alone, never run.
function draw(element, text, url) {
  // ruleid: text-trusted-as-html
  element.innerHTML = text;
  // ruleid: text-trusted-as-html
  element.insertAdjacentHTML('beforeend', text);
  // ruleid: text-trusted-as-html
  eval(text);
  // ok: text-trusted-as-html
  element.textContent = text;
  // ruleid: address-not-looked-at
  window.open(url, '_blank');
  // ruleid: address-not-looked-at
  location.assign(url);
  // ruleid: property-named-by-a-value
  element[text] = url;
  // ok: property-named-by-a-value
  element.title = text;
  // ok: property-named-by-a-value
  element['title'] = text;
  // ok: property-named-by-a-value
  element[1] = text;
  // ok: property-named-by-a-value
  element = { ...element, [text]: url };
}

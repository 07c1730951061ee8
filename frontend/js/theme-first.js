// A classic script, so that it runs before the first paint: the chosen theme must not flash its opposite.
{
  const chosen = localStorage.getItem('roomful.theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
}

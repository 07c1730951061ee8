// Line icons on a grid of 24, drawn with the text's colour.
import { html } from './html.js';

/** Our own sign: beside this module, so of the same release. */
export const ICON = new URL('../img/icon.svg', import.meta.url).pathname;

const PATHS = {
  hash: 'M9 4 7 20M17 4l-2 16M4 9h17M3 15h17',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5',
  people: 'M9 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M2 20c0-4 3-6 7-6s7 2 7 6M16 4.500a4 4 0 0 1 0 7M18.500 14.500c2.300.800 3.500 2.700 3.500 5.500',
  menu: 'M4 6h16M4 12h16M4 18h16',
  close: 'M6 6l12 12M18 6 6 18',
  send: 'M4 12 3 4l18 8-18 8 1-8zM4 12h9',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9.500h.010',
  reply: 'M10 6 4 12l6 6M4 12h9c4 0 7 2 7 6',
  smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.500 14c.800 1.300 2 2 3.500 2s2.700-.700 3.500-2M9 9.500h.010M15 9.500h.010',
  unread: 'M4 6h16v12H4zM4 7l8 7 8-7M19 3.500h.010',
  edit: 'M4 20l1-5L16 4l4 4L9 19zM14 6l4 4',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  down: 'M12 5v14M6 13l6 6 6-6',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500 19 19M5 19l1.500-1.500M17.500 6.500 19 5',
  moon: 'M20 14A8 8 0 1 1 10 4a6.500 6.500 0 0 0 10 10z',
  screen: 'M3 5h18v11H3zM8 20h8M12 16v4',
  language: 'M3 6h10M8 3v3M11 6c0 4-3 8-8 10M5 9c1 4 4 6 7 7M12 21l4.500-11L21 21M13.500 17.500h6',
  leave: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  shield: 'M12 3l8 3v6c0 4.500-3.200 7.500-8 9-4.800-1.500-8-4.500-8-9V6zM9 12l2.200 2.200L15.500 10',
  flag: 'M6 21V4h11l-2 4 2 4H6',
  pin: 'M9 4h6l-1 6 4 4H6l4-4zM12 14v6',
  chart: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6',
  retry: 'M4 12a8 8 0 1 1 2.500 5.800M4 20v-5h5',
  crop: 'M6 2v16h16M2 6h16v16',
  turnLeft: 'M4 12a8 8 0 1 0 2.500-5.800M4 4v5h5',
  turnRight: 'M20 12a8 8 0 1 1-2.500-5.800M20 4v5h-5',
  check: 'M5 12l5 5 9-10',
  teach: 'M2 9l10-5 10 5-10 5zM6 11.500V16c2 2.500 10 2.500 12 0v-4.500M22 9v6',
  settings: 'M4 7h9M17 7h3M13 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0M4 17h3M11 17h9M7 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 21h4',
  bellOff: 'M6 17V11a6 6 0 0 1 9-5.200M18 11v6l2 1H4l2-1M10 21h4M4 4l16 16',
  message: 'M4 5h16v11H10l-5 4v-4H4z',
  compass: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M15.500 8.500l-2 5-5 2 2-5z',
  star: 'M12 3l2.500 6.500L21 12l-6.500 2.500L12 21l-2.500-6.500L3 12l6.500-2.500z',
  addPerson: 'M10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M3 20c0-4 3-6 7-6 1.500 0 2.800.300 4 .800M19 14v6M16 17h6',
};

/** @param {{name: keyof typeof PATHS}} props */
export const Icon = ({ name }) => html`
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>
`;

/** A button that is only an icon; its name is for everybody who cannot see it.
 * @param {{icon: keyof typeof PATHS, name: string, onClick: (event: Event) => void, [more: string]: any}} props */
export const IconButton = ({ icon, name, class: extra = '', ...more }) => html`
  <button type="button" class="icon-button ${extra}" aria-label=${name} title=${name} ...${more}>
    <${Icon} name=${icon} />
  </button>
`;

// Templates: htm bound to Preact, and a component that renders again only when its properties change.
import htm from 'htm';
import { Component, h } from 'preact';

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = htm.bind(h);

/**
 * @param {(props: any) => any} View
 * @returns {any} a component that passes over a render with the same properties
 */
export function memo(View) {
  return class extends Component {
    /** @param {any} next */
    shouldComponentUpdate(next) {
      const names = Object.keys({ ...this.props, ...next });
      return names.some((name) => next[name] !== /** @type {any} */ (this.props)[name]);
    }

    render() {
      return h(View, this.props);
    }
  };
}

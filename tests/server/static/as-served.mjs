/** Lets Node find a shared module as a browser does: `../js/` of a feature's script is the server's own folder. */
import { register } from "node:module";

const served = `
  export function resolve(name, from, next) {
    return next(name.startsWith("../js/") ? new URL("../../../static/js/" + name.slice(6), from.parentURL).href : name, from);
  }`;
register(`data:text/javascript,${encodeURIComponent(served)}`);

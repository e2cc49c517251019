// What every page of the desk needs: htmx, live pages, and the keyboard. Pages with more load one more file.
import "./desk/htmx.js";
import "./desk/menus.js";
import "./desk/dialogs.js";
import "./desk/keys.js";
import "./desk/lists.js";
import "./desk/palette.js";
import "./desk/toasts.js";
import "./desk/times.js";
import "./desk/appearance.js";
import "./desk/forms.js";
import "./desk/shelf.js";
import "./desk/live.js";
import "./desk/presence.js";
import "./desk/notices.js";

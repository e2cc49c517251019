// EventCalendar, for the Calendar page only. Its one global is wrapped so that pages speak in data attributes.
import "@event-calendar/build/dist/event-calendar.min.js";

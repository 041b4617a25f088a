/** The one channel that requests go over, and the one that events come over. */
export const CALL_CHANNEL = 'sallyport/call';
export const EVENT_CHANNEL = 'sallyport/event';
/** The one that ports to viewer windows come over, each with a number that a call was answered with. */
export const PORT_CHANNEL = 'sallyport/port';

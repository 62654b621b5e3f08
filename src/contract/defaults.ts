/** The gateway that onetake speaks to unless told otherwise. */
export const defaultBaseUrl = 'https://88api.ai';

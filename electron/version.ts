/** How main tells the preload script which version of the lab this is. */
export const VERSION_OPTION = '--lab-version='

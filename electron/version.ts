/** The option with which the main process passes the lab's version to the preload script. */
export const VERSION_OPTION = '--lab-version='

/** The names under which main and preload speak. */
export const channels = {
  call: 'lab:call',
  event: 'lab:event',
  request: 'lab:request',
  chooseOpen: 'lab:choose-open',
  chooseSave: 'lab:choose-save',
  showInFolder: 'lab:show-in-folder',
  openLogs: 'lab:open-logs',
} as const

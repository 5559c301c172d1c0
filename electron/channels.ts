/** The names of the IPC channels between the main process and the preload script. */
export const channels = {
  call: 'lab:call',
  event: 'lab:event',
  request: 'lab:request',
  listening: 'lab:listening',
  chooseOpen: 'lab:choose-open',
  chooseSave: 'lab:choose-save',
  showInFolder: 'lab:show-in-folder',
  openLogs: 'lab:open-logs',
} as const

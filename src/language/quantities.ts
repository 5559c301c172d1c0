/** Values of error parameters that are words of the lab and not names: `parameter:value` as people say it. */
export const quantitiesEn = {
  'domain:source': 'source domain',
  'domain:target': 'target domain',
  'worker:trainer': 'trainer',
  'worker:analyst': 'analyst',
}

export const quantitiesZh: Readonly<Record<keyof typeof quantitiesEn, string>> = {
  'domain:source': '源域',
  'domain:target': '目标域',
  'worker:trainer': '训练进程',
  'worker:analyst': '分析进程',
}

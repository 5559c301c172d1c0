/** Values of error parameters that are words of the lab and not names: `parameter:value` as people say it. */
export const quantitiesEn = {
  'domain:source': 'source domain',
  'domain:target': 'target domain',
  'worker:trainer': 'trainer',
  'worker:analyst': 'analyst',
  'expected:number': 'a number',
  'expected:integer': 'a whole number',
  'expected:all|integer': '"all" or a whole number',
  'expected:string': 'text',
  'expected:boolean': 'true or false',
  'expected:array': 'a list',
  'expected:object': 'a group of settings',
  'expected:integers': 'whole numbers with commas between them, such as 2,3',
  'problem:no-object': 'it is not a JSON object.',
}

export const quantitiesZh: Readonly<Record<keyof typeof quantitiesEn, string>> = {
  'domain:source': '源域',
  'domain:target': '目标域',
  'worker:trainer': '训练进程',
  'worker:analyst': '分析进程',
  'expected:number': '数',
  'expected:integer': '整数',
  'expected:all|integer': '“all”或整数',
  'expected:string': '文本',
  'expected:boolean': 'true 或 false',
  'expected:array': '列表',
  'expected:object': '一组设置',
  'expected:integers': '用逗号隔开的整数，例如 2,3',
  'problem:no-object': '它不是 JSON 对象。',
}

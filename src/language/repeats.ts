/**
 * Describes each run that repeats a seed in one sentence: the run not counted, the run counted, and how the two
 * differ.
 */
import { translate } from '@intlify/core'
import type { Repeat } from '../contract/judging'
import type { Machinery } from '../contract/record'
import { contextsOf } from './contexts'
import type { Language } from './language'
import { plainLine } from '../contract/plain'

type Sentences = Readonly<Record<Repeat['outcome'], string>>
type Parts = Readonly<Record<keyof Machinery, string>>

const sentences: Readonly<Record<Language, Sentences>> = {
  en: {
    same: 'Seed {seed} counts once: {run} repeats {counted}, with the same accuracies, and is left out.',
    unfinished: 'Seed {seed} counts once: {counted} is taken; {run}, with the same seed, is left out.',
    branch:
      'Seed {seed} counts once: {counted} is taken, {run} is left out. Their accuracies differ: one of them continues another run.',
    machinery:
      'Seed {seed} counts once: {counted} is taken, {run} is left out. Their accuracies differ: they were computed with another {machinery}.',
    unexplained:
      'Seed {seed} counts once: {counted} is taken, {run} is left out. Their accuracies differ although all settings are the same; their records do not say why.',
  },
  zh: {
    same: '种子 {seed} 只计一次：{run} 重复了 {counted}，准确率相同，不计入。',
    unfinished: '种子 {seed} 只计一次：计入 {counted}；{run} 的种子相同，不计入。',
    branch:
      '种子 {seed} 只计一次：计入 {counted}，不计 {run}。两者准确率不同：其中一个是从另一次运行接着训练的。',
    machinery:
      '种子 {seed} 只计一次：计入 {counted}，不计 {run}。两者准确率不同：计算环境不一样（{machinery}）。',
    unexplained:
      '种子 {seed} 只计一次：计入 {counted}，不计 {run}。所有设置都相同，准确率却不同；记录中看不出原因。',
  },
}

const parts: Readonly<Record<Language, Parts>> = {
  en: {
    lab: 'version of the lab',
    backend: 'backend',
    tensorflow: 'version of TensorFlow',
    tfjsNode: 'version of tfjs-node',
    oneDnn: 'setting of oneDNN',
    threads: 'number of threads',
    node: 'version of Node',
    platform: 'system',
  },
  zh: {
    lab: '程序版本',
    backend: '后端',
    tensorflow: 'TensorFlow 版本',
    tfjsNode: 'tfjs-node 版本',
    oneDnn: 'oneDNN 设置',
    threads: '线程数',
    node: 'Node 版本',
    platform: '操作系统',
  },
}

const contexts = contextsOf(sentences)

/** @param nameOf the name of a run as shown in the sentence */
export function repeatSentence(
  { run, counted, seed, outcome, machinery }: Repeat,
  language: Language,
  nameOf: (run: string) => string = (id) => id,
): string {
  const known: Readonly<Record<string, string>> = parts[language]
  const text = translate(contexts[language], outcome, {
    seed,
    run: plainLine(nameOf(run)),
    counted: plainLine(nameOf(counted)),
    machinery: machinery.map((part) => known[part] ?? part).join(language === 'zh' ? '、' : ', '),
  })
  return typeof text === 'string' ? text : outcome
}

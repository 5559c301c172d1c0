/** What each score without labels can and cannot say, in one sentence. */
import type { Score } from '../contract/score'
import type { Language } from './language'

const en: Readonly<Record<Score, string>> = {
  estimate:
    'How many samples are probably right, guessed from confidence and agreement; it is often off by several points, and does not notice classes that have swapped names.',
  entropy: 'How unsure the predictions are, one by one: less is better, but a network can be sure and wrong.',
  diversity:
    'How evenly the classes are used: it falls when classes merge, and also when a class is rare in truth.',
  mutualInformation:
    'Sure and even at once: the best single sign of separated classes, but it does not say which class is which.',
  agreement:
    'How many samples keep their class when slightly turned and moved: a network that sees one class everywhere keeps them all.',
  discriminatorConfusion:
    'How badly D tells the domains apart: a fooled D does not prove that the classes have met.',
  sourceKept: 'How much of the source is still right: it says nothing about the target itself.',
  density: 'How tightly predictions cluster: the tightest cluster is a single class for everything.',
}

const zh: Readonly<Record<Score, string>> = {
  estimate: '根据置信度和变换一致率推测有多少样本判对；误差常有几个百分点，也察觉不到类别互换了名称。',
  entropy: '逐个预测有多不确定：越小越好，但网络也可能非常确定地判错。',
  diversity: '各类别使用得是否均衡：类别合并时会下降，某一类本来就少时也会下降。',
  mutualInformation: '既确定又均衡：最能说明类别已经分开的单项评分，但说明不了哪个是哪个类别。',
  agreement: '轻微旋转、平移后仍判为同一类的样本比例：若把一切都判为同一类，该值也是满分。',
  discriminatorConfusion: 'D 有多分不清两个域：骗过 D 并不证明类别已经对上。',
  sourceKept: '源域样本还有多少判对：它并不反映目标域本身。',
  density: '预测聚得有多紧：把一切判为同一类时聚得最紧。',
}

const meanings = { en, zh }

export const meaningOf = (score: Score, language: Language): string => meanings[language][score]

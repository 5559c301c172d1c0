/** How training used the images of an evaluation, as a sentence for the window and the terminal. */
import type { Use } from '../contract/use-in-training'
import type { Language } from './language'

export const useSentences: Readonly<Record<Language, Readonly<Record<Use, string>>>> = {
  en: {
    labels: 'Training used these samples with their labels: this is not the accuracy on unseen samples.',
    someLabels: 'Training used some of these samples with their labels: the accuracy may be too high.',
    noLabels: 'Training used these samples, without their labels.',
    someNoLabels: 'Training used some of these samples, without their labels.',
  },
  zh: {
    labels: '训练用过这些样本及其标签：这不是未见样本上的准确率。',
    someLabels: '训练用过其中一部分样本及其标签：准确率可能偏高。',
    noLabels: '训练用过这些样本，但没有用其标签。',
    someNoLabels: '训练用过其中一部分样本，但没有用其标签。',
  },
}

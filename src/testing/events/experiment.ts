import type { Scene } from './scene'

/** The A/B testing event of the Spec, with its properties. */
export const experimentEvents = {
  /** A visitor saw one variation of an experiment. */
  'Experiment Viewed': ({ random }: Scene) => ({
    experiment_id: '1206',
    experiment_name: 'Cart button wording',
    ...random.pick([
      { variation_id: '36', variation_name: 'Add to cart' },
      { variation_id: '37', variation_name: 'I want this' },
    ]),
  }),
}

import { pageOf } from './context'
import type { Body } from './message'
import type { Scene } from './scene'
import { type PropertiesOf, type SemanticEventName, semanticEvents } from './semantic-events'

/** The traits that the Spec reserves for people, as `identify` carries them. */
export const personTraits = ({ person, account, time }: Scene) => ({
  email: person.email,
  name: `${person.firstName} ${person.lastName}`,
  firstName: person.firstName,
  lastName: person.lastName,
  phone: person.phone,
  username: person.username,
  title: person.title,
  gender: person.gender,
  birthday: person.birthday,
  age: new Date(time).getUTCFullYear() - Number(person.birthday.slice(0, 4)),
  avatar: `https://img.example.com/people/${person.username}.jpg`,
  website: `https://${person.username}.example.com`,
  description: `${person.title} from ${person.address.city}`,
  address: person.address,
  company: {
    id: account.groupId,
    name: account.name,
    industry: account.industry,
    employee_count: account.employees,
    plan: account.plan,
  },
  createdAt: new Date(time).toISOString(),
})

/** The traits that the Spec reserves for groups, as `group` carries them. */
export const groupTraits = ({ account, person, time }: Scene) => ({
  name: account.name,
  plan: account.plan,
  industry: account.industry,
  employees: account.employees,
  email: 'hello@example.com',
  phone: '+12025550199',
  website: 'https://www.example.com',
  description: `${account.name}, ${account.industry.toLowerCase()}`,
  avatar: 'https://img.example.com/groups/1.jpg',
  address: person.address,
  createdAt: new Date(time).toISOString(),
})

/** `identify`: who somebody is. */
export const identifyBody = (scene: Scene) =>
  ({ type: 'identify', traits: personTraits(scene) }) as const satisfies Body

/** `group`: which group somebody belongs to. */
export const groupBody = (scene: Scene) =>
  ({ type: 'group', groupId: scene.account.groupId, traits: groupTraits(scene) }) as const satisfies Body

/** `alias`: the anonymous id of before is the user id of now. */
export const aliasBody = ({ person }: Scene) =>
  ({ type: 'alias', previousId: person.anonymousId }) as const satisfies Body

/** `page`: a page of the web site was seen. The name and category are also properties, as Analytics.js sends them. */
export const pageBody = (scene: Scene) =>
  ({
    type: 'page',
    name: 'Product',
    category: scene.product.category,
    properties: {
      name: 'Product',
      category: scene.product.category,
      ...pageOf(scene),
      keywords: [scene.product.category.toLowerCase(), scene.product.brand],
    },
  }) as const satisfies Body

/** `screen`: a screen of the application was seen. */
export const screenBody = (scene: Scene) =>
  ({
    type: 'screen',
    name: 'Product',
    properties: { name: 'Product', product: scene.product.name },
  }) as const satisfies Body

/** `track` of a semantic event, with the properties that the Spec describes. */
export const trackBody = <Name extends SemanticEventName>(scene: Scene, event: Name) =>
  ({
    type: 'track',
    event,
    properties: semanticEvents[event](scene) as PropertiesOf<Name>,
  }) as const satisfies Body

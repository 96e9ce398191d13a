import { path } from '../data/router'
import { Button } from '../parts/controls'
import { Screen } from '../parts/frame'
import { Empty } from '../parts/states'

/** No such place. */
export const NotFoundScreen = ({
  what,
  nearest,
}: {
  readonly what?: string
  readonly nearest?: readonly [string, string]
}) => (
  <Screen title="Not found">
    <div class="panel">
      <Empty title={what ?? `There is no page ${path.value}.`}>
        <p>
          {nearest ? (
            <>
              Did you mean <a href={nearest[1]}>{nearest[0]}</a>?
            </>
          ) : (
            'It may have been renamed or removed.'
          )}
        </p>
        <Button href="/">Open the overview</Button>
      </Empty>
    </div>
  </Screen>
)

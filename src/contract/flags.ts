/** Names of the feature flags that the framework itself knows. */
export const FLAGS = {
  ACTIONS_GOOGLE_EC_AUDIENCE_MEMBERSHIP: 'actions-google-ec-audience-membership',
  ACTIONS_BRAZE_COHORTS_AUDIENCE_MEMBERSHIP: 'actions-braze-cohorts-audience-membership',
  ACTIONS_LINKEDIN_AUDIENCES_AUDIENCE_MEMBERSHIP: 'actions-linkedin-audiences-audience-membership',
  ACTIONS_LEGACY_JOURNEYS_AUDIENCE_MEMBERSHIP: 'actions-legacy-journeys-audience-membership',
} as const

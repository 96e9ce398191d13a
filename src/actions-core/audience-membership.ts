export {
  engageAudienceMembership,
  legacyJourneysAudienceMembership,
  resolveAudienceMembership,
  retlAudienceMembership,
} from '../contract/audience-membership'

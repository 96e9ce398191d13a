import type { Scene } from './scene'

const playerOf = ({ video }: Scene) => ({
  session_id: video.sessionId,
  position: video.position,
  total_length: video.length,
  bitrate: 2400,
  framerate: 29.97,
  video_player: 'vimeo',
  sound: 80,
  full_screen: false,
  ad_enabled: true,
  quality: 'hd1080',
  livestream: false,
})

const playbackOf = (scene: Scene) => ({
  ...playerOf(scene),
  content_asset_id: scene.video.assetId,
  content_pod_id: scene.video.podId,
})

const contentOf = ({ video }: Scene) => ({
  session_id: video.sessionId,
  asset_id: video.assetId,
  pod_id: video.podId,
  title: 'Repotting without tears',
  description: 'Roots, soil and patience.',
  keywords: ['garden', 'how-to'],
  season: '2',
  episode: '5',
  genre: 'Education',
  program: 'The Balcony Year',
  publisher: 'Fernhollow',
  position: video.position,
  total_length: video.length,
  channel: 'fernhollow',
  full_episode: true,
  livestream: false,
  airdate: '2026-01-12T00:00:00.000Z',
  bitrate: 2400,
  framerate: 29.97,
})

const adLength = 30

const adOf =
  (position: number) =>
  ({ video }: Scene) => ({
    session_id: video.sessionId,
    asset_id: `ad_${video.assetId}`,
    pod_id: 'adSegA',
    pod_position: 1,
    pod_length: 1,
    type: 'pre-roll',
    title: 'Cedar, from seed to planter',
    publisher: 'Rootwell',
    position,
    total_length: adLength,
    load_type: 'dynamic',
  })

/** Video events of the Spec: playback, content, ads and quality, with the properties of each. Positions in seconds. */
export const videoEvents = {
  /** The last thing a viewer does before playback begins. Lists all content and ads of the session. */
  'Video Playback Started': (scene: Scene) => ({
    ...playerOf(scene),
    content_asset_ids: [scene.video.assetId],
    content_pod_ids: [scene.video.podId],
    ad_asset_id: [`ad_${scene.video.assetId}`],
    ad_pod_id: ['adSegA'],
  }),
  /** The viewer pauses. */
  'Video Playback Paused': playbackOf,
  /** Playback stops against the viewer's will. */
  'Video Playback Interrupted': (scene: Scene) => ({ ...playbackOf(scene), method: 'network loss' }),
  /** The player waits for data. */
  'Video Playback Buffer Started': playbackOf,
  /** The player has its data. */
  'Video Playback Buffer Completed': playbackOf,
  /** The viewer jumps: `position` is where from, `seek_position` where to. */
  'Video Playback Seek Started': (scene: Scene) => ({
    ...playbackOf(scene),
    seek_position: Math.floor(scene.video.length * 0.75),
  }),
  /** The viewer has jumped; `position` is where to. */
  'Video Playback Seek Completed': (scene: Scene) => ({
    ...playbackOf(scene),
    position: Math.floor(scene.video.length * 0.75),
  }),
  /** The viewer goes on after a pause. */
  'Video Playback Resumed': playbackOf,
  /** The session is over. */
  'Video Playback Completed': (scene: Scene) => ({ ...playbackOf(scene), position: scene.video.length }),
  /** A part of the content begins. */
  'Video Content Started': (scene: Scene) => ({ ...contentOf(scene), position: 0 }),
  /** Heartbeat within the content. */
  'Video Content Playing': contentOf,
  /** A part of the content is over. */
  'Video Content Completed': (scene: Scene) => ({ ...contentOf(scene), position: scene.video.length }),
  /** An ad begins. */
  'Video Ad Started': adOf(0),
  /** Heartbeat within an ad; `quartile` is the last quarter that was passed. */
  'Video Ad Playing': (scene: Scene) => ({ ...adOf(10)(scene), quartile: 1 }),
  /** An ad is over. */
  'Video Ad Completed': adOf(adLength),
  /** The picture's quality changed. These names are in camel case in the Spec. */
  'Video Quality Updated': ({ random }: Scene) => ({
    bitrate: 1200,
    framerate: 24,
    startupTime: random.integer(200, 1500),
    droppedFrames: random.integer(0, 40),
  }),
}

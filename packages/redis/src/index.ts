export { connectRedis } from './connectRedis.js';
export type { ConnectOptions, RedisConnection } from './connectRedis.js';
export { readRedisAddress } from './redisAddress.js';
export type { RedisAddress } from './redisAddress.js';
export { redisUrlSetting } from './redisUrlSetting.js';
export { refuseWrongRedis } from './refuseWrongRedis.js';

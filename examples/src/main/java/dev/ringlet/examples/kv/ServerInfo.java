package dev.ringlet.examples.kv;

/**
 * What connections tell clients about the server. <b>Thread:</b> any.
 *
 * @param config the settings
 * @param driver the I/O driver that serves it
 * @param startMillis when it started, in milliseconds since 1970
 * @param clients who is connected
 */
record ServerInfo(KvConfig config, String driver, long startMillis, ClientRegistry clients) {
  /** The version of Redis whose commands and words it follows. */
  static final String REDIS_VERSION = "7.0.15";

  String describeServer() {
    return "redis_version:"
        + REDIS_VERSION
        + "\r\nredis_mode:standalone\r\nserver_name:ringlet-kv\r\njava_version:"
        + Runtime.version()
        + "\r\nio_driver:"
        + driver
        + "\r\nprocess_id:"
        + ProcessHandle.current().pid()
        + "\r\ntcp_port:"
        + config.port()
        + "\r\nshards:"
        + config.shards()
        + "\r\nuptime_in_seconds:"
        + (config.surroundings().millis() - startMillis) / 1000
        + "\r\n";
  }
}

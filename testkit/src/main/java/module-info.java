/** What tests of actors and drivers need; see {@link dev.ringlet.testkit}. */
module dev.ringlet.testkit {
  requires transitive dev.ringlet.api;
  requires static transitive org.jspecify;

  exports dev.ringlet.testkit;
}

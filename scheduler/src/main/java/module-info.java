/** The runtime behind {@code dev.ringlet.api}: executors, actor cells, timers, the NIO driver. */
@SuppressWarnings("requires-automatic") // BlockHound has no module descriptor
module dev.ringlet.scheduler {
  requires transitive dev.ringlet.api;
  requires org.jctools.core;
  requires static jdk.jfr;
  requires static reactor.blockhound;
  requires static transitive org.jspecify;

  uses dev.ringlet.spi.IoDriverProvider;
  uses dev.ringlet.spi.CpuAffinity;

  provides dev.ringlet.spi.ActorSystemProvider with
      dev.ringlet.scheduler.DefaultSystemProvider;
  provides dev.ringlet.spi.IoDriverProvider with
      dev.ringlet.scheduler.NioDriverProvider;
}

/**
 * The io_uring driver and CPU pinning, by JNA. It exports nothing: it serves through its providers.
 */
module dev.ringlet.uring {
  requires dev.ringlet.api;
  requires com.sun.jna;
  requires static org.jspecify;

  opens dev.ringlet.uring to
      com.sun.jna;

  provides dev.ringlet.spi.IoDriverProvider with
      dev.ringlet.uring.UringDriverProvider;
  provides dev.ringlet.spi.CpuAffinity with
      dev.ringlet.uring.LinuxCpuAffinity;
}

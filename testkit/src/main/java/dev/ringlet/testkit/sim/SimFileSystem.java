package dev.ringlet.testkit.sim;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Set;

/** The simulated disk as the JDK sees it. The simulation's thread. */
final class SimFileSystem extends FileSystem {
  private final SimDisk disk;
  private final SimFileSystemProvider provider;

  SimFileSystem(SimDisk disk) {
    this.disk = disk;
    this.provider = new SimFileSystemProvider(disk);
  }

  @Override
  public SimFileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("it is there as long as its simulation");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new SimFileStore(disk));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return SimAttributes.VIEWS;
  }

  @Override
  public Path getPath(String first, String... more) {
    StringBuilder text = new StringBuilder(first);
    for (String next : more) {
      if (!next.isEmpty()) {
        text.append(text.length() == 0 ? "" : "/").append(next);
      }
    }
    return SimPath.of(this, text.toString());
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(Path.of(path.toString()));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("the simulated disk has one user");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("nothing watches the simulated disk");
  }
}

# What `cmake --install` puts where, and the Debian package (`cpack`): programs, manual page, completion, desktop entry,
# documents. The page is not among it: build/site is copied to a web server as it is.
include(GNUInstallDirs)

# Manual and completion are what the program says of itself.
set(written ${CMAKE_BINARY_DIR}/documents)
add_custom_command(
  OUTPUT ${written}/tokenbill.1.gz ${written}/tokenbill.bash ${written}/_tokenbill ${written}/CHANGELOG.md.gz
         ${written}/changelog.gz ${written}/tokenbill-desktop.1.gz
  COMMAND ${CMAKE_COMMAND} -E make_directory ${written}
  COMMAND $<TARGET_FILE:tokenbill> manual > ${written}/tokenbill.1
  COMMAND gzip -9nf ${written}/tokenbill.1
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md > ${written}/CHANGELOG.md.gz
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/packaging/changelog > ${written}/changelog.gz
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/packaging/tokenbill-desktop.1 > ${written}/tokenbill-desktop.1.gz
  COMMAND $<TARGET_FILE:tokenbill> completion bash > ${written}/tokenbill.bash
  COMMAND $<TARGET_FILE:tokenbill> completion zsh > ${written}/_tokenbill
  DEPENDS tokenbill CHANGELOG.md packaging/changelog packaging/tokenbill-desktop.1
  COMMENT "Writing manual page and completion")
add_custom_target(documents ALL DEPENDS ${written}/tokenbill.1.gz)

install(TARGETS tokenbill RUNTIME)
install(FILES ${written}/tokenbill.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${written}/tokenbill.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME tokenbill)
# Debian's zsh looks below /usr for the functions of packages, and elsewhere for those of a site.
install(CODE "
  if(CMAKE_INSTALL_PREFIX MATCHES \"/usr\$\")
    set(folder vendor-completions)
  else()
    set(folder site-functions)
  endif()
  file(INSTALL \"${written}/_tokenbill\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${folder}\")")
install(FILES ${written}/CHANGELOG.md.gz ${written}/changelog.gz packaging/copyright README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES docs/command-line.md docs/ci.md docs/report.md docs/desktop.md docs/formats.md docs/abi.md docs/errors.md docs/model.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(DIRECTORY docs/ci DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs USE_SOURCE_PERMISSIONS)

if(TARGET tokenbill-desktop)
  install(TARGETS tokenbill-desktop RUNTIME)
  install(FILES ${written}/tokenbill-desktop.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES packaging/tokenbill.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES packaging/tokenbill.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
  install(FILES packaging/invalid.example.tokenbill.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tokenbill)
set(CPACK_PACKAGE_VENDOR "Tokenbill")
set(CPACK_PACKAGE_CONTACT "Tokenbill developers <tokenbill@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "cost calculator for features built on language models")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Prices the feature rather than the token: its traffic, the history that
 grows turn by turn, the part of the prompt that the seller's cache really
 hits, several models, tools, retrieval, failed tries and what is around
 inference. Every figure explains its formula, and every price names its
 source. The prices are compiled in: no network is needed.")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
include(CPack)

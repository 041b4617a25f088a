; Not tried: it needs Windows. docs/packaging.md says so.
; `/SERVICE` on the installer's command line makes the outpost start with the machine, as LocalService and without
; anybody being logged in. It is a scheduled task, for Node does not speak the service manager's protocol.

!macro customInstall
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/SERVICE" $R1
  ${IfNot} ${Errors}
    FileOpen $0 "$INSTDIR\resources\cli\service.cmd" w
    FileWrite $0 '@set ELECTRON_RUN_AS_NODE=1$\r$\n'
    FileWrite $0 '@"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "$INSTDIR\resources\cli\outpost.cjs" --state-dir "$COMMONPROGRAMDATA\Sallyport"$\r$\n'
    FileClose $0
    nsExec::ExecToLog 'schtasks /Create /F /TN "Sallyport outpost" /SC ONSTART /RU "NT AUTHORITY\LOCAL SERVICE" /TR "\"$INSTDIR\resources\cli\service.cmd\""'
  ${EndIf}
  FileOpen $0 "$INSTDIR\resources\cli\sallyport.cmd" w
  FileWrite $0 '@set ELECTRON_RUN_AS_NODE=1$\r$\n'
  FileWrite $0 '@"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "$INSTDIR\resources\cli\sallyport.cjs" %*$\r$\n'
  FileClose $0
!macroend

!macro customUnInstall
  nsExec::ExecToLog 'schtasks /End /TN "Sallyport outpost"'
  nsExec::ExecToLog 'schtasks /Delete /F /TN "Sallyport outpost"'
  Delete "$INSTDIR\resources\cli\service.cmd"
  Delete "$INSTDIR\resources\cli\sallyport.cmd"
!macroend

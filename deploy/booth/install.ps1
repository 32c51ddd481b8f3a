# Installs the FairZone booth bridge from this folder, without internet. 离线安装展位网桥。
# Usage:  powershell -ExecutionPolicy Bypass -File install.ps1 [-Service] [-Folder C:\FairZone]
# Written for Windows 10 and 11, and not run on either by its authors: see README.md.
param(
    [string]$Folder = "$env:ProgramData\FairZone",
    [switch]$Service
)
$ErrorActionPreference = "Stop"
$here = Split-Path -Parent $MyInvocation.MyCommand.Path

function Find-Python {
    $wanted = "import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 14)))"
    foreach ($command in @($env:PYTHON, "py", "python")) {
        if ($command -and (Get-Command $command -ErrorAction SilentlyContinue)) {
            & $command -c $wanted
            if ($LASTEXITCODE -eq 0) { return $command }
        }
    }
    throw "Python 3.11 to 3.14 is needed and not in PATH (or set PYTHON to python.exe). 需要 Python 3.11 至 3.14。"
}

$python = Find-Python
New-Item -ItemType Directory -Force -Path $Folder | Out-Null
$venv = Join-Path $Folder "venv"
& $python -m venv --clear --without-pip $venv
if ($LASTEXITCODE -ne 0) { throw "the virtual environment could not be made in $venv" }
$own = Join-Path $venv "Scripts\python.exe"
$pip = (Get-ChildItem (Join-Path $here "wheels\pip-*.whl") | Select-Object -First 1).FullName
& $own "$pip\pip" install --quiet --no-index --disable-pip-version-check --find-links (Join-Path $here "wheels") --requirement (Join-Path $here "requirements.txt")
if ($LASTEXITCODE -ne 0) { throw "pip could not install the bridge; its reason stands above" }

$config = Join-Path $Folder "bridge.toml"
if (-not (Test-Path $config)) { Copy-Item (Join-Path $here "bridge.toml") $config }
$bridge = Join-Path $venv "Scripts\fairzone.exe"

if ($Service) {
    # A task that starts with the machine and again after a failure. Stopping it ends the process hard, which loses
    # nothing: whatever was acknowledged is on disk.
    $action = New-ScheduledTaskAction -Execute $bridge -Argument "bridge run --config `"$config`"" -WorkingDirectory $Folder
    $trigger = New-ScheduledTaskTrigger -AtStartup
    $settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) -ExecutionTimeLimit ([TimeSpan]::Zero) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
    Register-ScheduledTask -TaskName "FairZone bridge" -Action $action -Trigger $trigger -Settings $settings -User "NT AUTHORITY\LOCAL SERVICE" -Force | Out-Null
    # The service's account, and nobody else but administrators, may read the token and write the spool.
    icacls $Folder /inheritance:r /grant "Administrators:(OI)(CI)F" "SYSTEM:(OI)(CI)F" "LOCAL SERVICE:(OI)(CI)M" | Out-Null
}

Write-Output "fairzone: installed. Edit $config, then / 已安装。请编辑该文件，然后运行："
Write-Output "  & `"$bridge`" bridge check --config `"$config`""
if ($Service) { Write-Output "  Start-ScheduledTask -TaskName 'FairZone bridge'" }
else { Write-Output "  & `"$bridge`" bridge run --config `"$config`"" }
